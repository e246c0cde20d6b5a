BEGIN TRANSACTION;
CREATE TABLE documents (
	document_id TEXT NOT NULL, 
	region_code TEXT NOT NULL, 
	region TEXT NOT NULL, 
	year INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	title TEXT NOT NULL, 
	publisher TEXT, 
	source_file TEXT NOT NULL, 
	source_url TEXT, 
	source_sha256 TEXT NOT NULL, 
	source_format TEXT NOT NULL, 
	pages INTEGER, 
	n_tasks INTEGER NOT NULL, 
	CONSTRAINT pk_documents PRIMARY KEY (document_id)
);
INSERT INTO "documents" VALUES('320404-2026-zfgzbg','320404','常州市钟楼区',2026,'zfgzbg','2026年区政府工作报告主要目标任务责任分解表','常州市钟楼区人民政府办公室','2026/zhonglou.txt',NULL,'0000000000000000000000000000000000000000000000000000000000000000','txt',2,3);
CREATE TABLE issues (
	document_id TEXT NOT NULL, 
	issue_no INTEGER NOT NULL, 
	task_id TEXT, 
	field TEXT, 
	rule TEXT NOT NULL, 
	severity TEXT NOT NULL, 
	message TEXT NOT NULL, 
	suggestion TEXT, 
	page INTEGER, 
	line TEXT, 
	CONSTRAINT pk_issues PRIMARY KEY (document_id, issue_no), 
	CONSTRAINT fk_issues_document_id FOREIGN KEY(document_id) REFERENCES documents (document_id), 
	CONSTRAINT fk_issues_task_id FOREIGN KEY(task_id) REFERENCES tasks (task_id), 
	CONSTRAINT ck_issues_severity CHECK (severity IN ('critical', 'warning', 'info'))
);
INSERT INTO "issues" VALUES('320404-2026-zfgzbg',1,'320404-2026-zfgzbg-2','category','category-lost','warning','目标名称在原文中丢失','查看原件',2,'9');
INSERT INTO "issues" VALUES('320404-2026-zfgzbg',2,'320404-2026-zfgzbg-1','support_units','unit-unknown','info','=不在名录中: "@各镇（街道）"',NULL,NULL,NULL);
INSERT INTO "issues" VALUES('320404-2026-zfgzbg',3,'320404-2026-zfgzbg-2','content','text-long','critical','文字过长',NULL,NULL,NULL);
INSERT INTO "issues" VALUES('320404-2026-zfgzbg',4,NULL,NULL,'document-note','info','附件另有一张表',NULL,NULL,NULL);
CREATE TABLE organisation_members (
	document_id TEXT NOT NULL, 
	group_id TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	unit_id TEXT NOT NULL, 
	CONSTRAINT pk_organisation_members PRIMARY KEY (document_id, group_id, position), 
	CONSTRAINT fk_organisation_members_document_id FOREIGN KEY(document_id) REFERENCES documents (document_id)
);
INSERT INTO "organisation_members" VALUES('320404-2026-zfgzbg','320404-jd',1,'320404-wxjd');
CREATE TABLE organisations (
	document_id TEXT NOT NULL, 
	unit_id TEXT NOT NULL, 
	unit_name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	region_code TEXT NOT NULL, 
	valid_from INTEGER, 
	valid_to INTEGER, 
	CONSTRAINT pk_organisations PRIMARY KEY (document_id, unit_id), 
	CONSTRAINT fk_organisations_document_id FOREIGN KEY(document_id) REFERENCES documents (document_id), 
	CONSTRAINT ck_organisations_kind CHECK (kind IN ('bureau', 'party', 'street', 'town', 'park', 'enterprise', 'vertical', 'institution', 'group', 'other'))
);
INSERT INTO "organisations" VALUES('320404-2026-zfgzbg','320404-fgj','区发改局','bureau','320404',NULL,NULL);
INSERT INTO "organisations" VALUES('320404-2026-zfgzbg','320404-jd','各街道','group','320404',2015,NULL);
CREATE TABLE provenance (
	task_id TEXT NOT NULL, 
	field TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	page INTEGER, 
	x0 DOUBLE, 
	top DOUBLE, 
	x1 DOUBLE, 
	bottom DOUBLE, 
	line TEXT, 
	engine TEXT, 
	method TEXT NOT NULL, 
	raw TEXT, 
	CONSTRAINT pk_provenance PRIMARY KEY (task_id, field, position), 
	CONSTRAINT fk_provenance_task_id FOREIGN KEY(task_id) REFERENCES tasks (task_id), 
	CONSTRAINT ck_provenance_field CHECK (field IN ('task_no', 'content', 'category_no', 'category', 'subcategory', 'leaders', 'lead_units', 'support_units', 'deadline', 'remark')), 
	CONSTRAINT ck_provenance_method CHECK (method IN ('read', 'inherited', 'continued', 'realigned', 'ocr', 'corrected'))
);
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-1','task_no',1,1,36.0,72.25,559.3,90.1,NULL,NULL,'read','1');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-1','content',1,1,36.0,72.25,559.3,90.1,NULL,NULL,'continued','=SUM(A1:A9) 称"全域,旅游"
第二行
🚀 𠮷林 _x0041_');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-1','content',2,2,NULL,NULL,NULL,NULL,'17',NULL,'continued','=SUM(A1:A9) 称"全域,旅游"
第二行
🚀 𠮷林 _x0041_');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-1','category',1,1,36.0,72.25,559.3,90.1,NULL,NULL,'inherited','主要预期目标');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-1','subcategory',1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'corrected',NULL);
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-1','leaders',1,1,36.0,72.25,559.3,90.1,NULL,NULL,'read','王旭锋 𠮷 伟');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-1','lead_units',1,1,NULL,NULL,NULL,NULL,'B7',NULL,'read','区发改局');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-1','support_units',1,1,36.0,72.25,559.3,90.1,NULL,NULL,'read','@各镇（街道）');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-2','task_no',1,1,36.0,72.25,559.3,90.1,NULL,NULL,'read','2');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-2','content',1,1,36.0,72.25,559.3,90.1,NULL,NULL,'continued','+坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-2','content',2,2,NULL,NULL,NULL,NULL,'17',NULL,'continued','+坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-2','subcategory',1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'corrected',NULL);
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-2','leaders',1,1,36.0,72.25,559.3,90.1,NULL,NULL,'read','王旭锋 𠮷 伟');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-2','lead_units',1,1,NULL,NULL,NULL,NULL,'B7',NULL,'read','区发改局');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-2','support_units',1,1,36.0,72.25,559.3,90.1,NULL,NULL,'read','@各镇（街道）');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-t2-1','task_no',1,1,36.0,72.25,559.3,90.1,NULL,NULL,'read','1');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-t2-1','content',1,1,36.0,72.25,559.3,90.1,NULL,NULL,'continued','<r>建成公园&1个。</r>');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-t2-1','content',2,2,NULL,NULL,NULL,NULL,'17',NULL,'continued','<r>建成公园&1个。</r>');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-t2-1','category',1,1,36.0,72.25,559.3,90.1,NULL,NULL,'inherited','民生实事');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-t2-1','subcategory',1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'corrected',NULL);
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-t2-1','leaders',1,1,36.0,72.25,559.3,90.1,NULL,NULL,'read','王旭锋 𠮷 伟');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-t2-1','lead_units',1,1,NULL,NULL,NULL,NULL,'B7',NULL,'read','区发改局');
INSERT INTO "provenance" VALUES('320404-2026-zfgzbg-t2-1','support_units',1,1,36.0,72.25,559.3,90.1,NULL,NULL,'read','@各镇（街道）');
CREATE TABLE targets (
	task_id TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	metric TEXT NOT NULL, 
	comparator TEXT, 
	value DOUBLE, 
	upper DOUBLE, 
	baseline DOUBLE, 
	unit TEXT, 
	base_value DOUBLE, 
	base_upper DOUBLE, 
	base_unit TEXT, 
	change TEXT, 
	modality TEXT, 
	scope TEXT, 
	due TEXT, 
	reference TEXT, 
	phrase TEXT NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	CONSTRAINT pk_targets PRIMARY KEY (task_id, position), 
	CONSTRAINT fk_targets_task_id FOREIGN KEY(task_id) REFERENCES tasks (task_id), 
	CONSTRAINT ck_targets_kind CHECK (kind IN ('numeric', 'relative', 'qualitative', 'delegated')), 
	CONSTRAINT ck_targets_comparator CHECK (comparator IN ('equal', 'about', 'at_least', 'more_than', 'at_most', 'less_than', 'range', 'change_by', 'multiple', 'relative')), 
	CONSTRAINT ck_targets_change CHECK (change IN ('increase', 'decrease'))
);
INSERT INTO "targets" VALUES('320404-2026-zfgzbg-1',1,'numeric','公园','equal',1.0,NULL,NULL,'个',1.0,NULL,'个',NULL,NULL,'年内','2026-12-31',NULL,'建成公园&1个',3,10);
INSERT INTO "targets" VALUES('320404-2026-zfgzbg-t2-1',1,'numeric','公园','equal',1.0,NULL,NULL,'个',1.0,NULL,'个',NULL,NULL,'年内','2026-12-31',NULL,'建成公园&1个',3,10);
CREATE TABLE task_leaders (
	task_id TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	leader TEXT NOT NULL, 
	leader_id TEXT, 
	leader_name TEXT, 
	post TEXT, 
	CONSTRAINT pk_task_leaders PRIMARY KEY (task_id, position), 
	CONSTRAINT fk_task_leaders_task_id FOREIGN KEY(task_id) REFERENCES tasks (task_id)
);
INSERT INTO "task_leaders" VALUES('320404-2026-zfgzbg-1',1,'王旭锋','320404-wxf','王旭锋',NULL);
INSERT INTO "task_leaders" VALUES('320404-2026-zfgzbg-1',2,'𠮷伟',NULL,NULL,'副区长');
INSERT INTO "task_leaders" VALUES('320404-2026-zfgzbg-2',1,'王旭锋','320404-wxf','王旭锋',NULL);
INSERT INTO "task_leaders" VALUES('320404-2026-zfgzbg-2',2,'𠮷伟',NULL,NULL,'副区长');
INSERT INTO "task_leaders" VALUES('320404-2026-zfgzbg-t2-1',1,'王旭锋','320404-wxf','王旭锋',NULL);
INSERT INTO "task_leaders" VALUES('320404-2026-zfgzbg-t2-1',2,'𠮷伟',NULL,NULL,'副区长');
CREATE TABLE task_units (
	task_id TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	role TEXT NOT NULL, 
	unit TEXT NOT NULL, 
	unit_full TEXT NOT NULL, 
	unit_id TEXT, 
	unit_name TEXT, 
	qualifier TEXT, 
	CONSTRAINT pk_task_units PRIMARY KEY (task_id, role, position), 
	CONSTRAINT fk_task_units_task_id FOREIGN KEY(task_id) REFERENCES tasks (task_id), 
	CONSTRAINT ck_task_units_role CHECK (role IN ('lead', 'support'))
);
INSERT INTO "task_units" VALUES('320404-2026-zfgzbg-1',1,'lead','区发改局','区发改局','320404-fgj','区发改局',NULL);
INSERT INTO "task_units" VALUES('320404-2026-zfgzbg-1',1,'support','@各镇（街道）','@各镇（街道）',NULL,NULL,NULL);
INSERT INTO "task_units" VALUES('320404-2026-zfgzbg-2',1,'lead','区发改局','区发改局','320404-fgj','区发改局',NULL);
INSERT INTO "task_units" VALUES('320404-2026-zfgzbg-2',2,'lead','区财政局（国资办）','区财政局（国资办）',NULL,NULL,'国资办');
INSERT INTO "task_units" VALUES('320404-2026-zfgzbg-t2-1',1,'lead','区发改局','区发改局','320404-fgj','区发改局',NULL);
INSERT INTO "task_units" VALUES('320404-2026-zfgzbg-t2-1',1,'support','@各镇（街道）','@各镇（街道）',NULL,NULL,NULL);
CREATE TABLE tasks (
	task_id TEXT NOT NULL, 
	document_id TEXT NOT NULL, 
	table_no INTEGER NOT NULL, 
	task_no INTEGER NOT NULL, 
	category_no INTEGER, 
	category TEXT, 
	subcategory TEXT, 
	content TEXT NOT NULL, 
	deadline TEXT, 
	deadline_from TEXT, 
	deadline_to TEXT, 
	remark TEXT, 
	page_start INTEGER, 
	page_end INTEGER, 
	n_issues INTEGER NOT NULL, 
	CONSTRAINT pk_tasks PRIMARY KEY (task_id), 
	CONSTRAINT fk_tasks_document_id FOREIGN KEY(document_id) REFERENCES documents (document_id)
);
INSERT INTO "tasks" VALUES('320404-2026-zfgzbg-1','320404-2026-zfgzbg',1,1,1,'主要预期目标',NULL,'=SUM(A1:A9) 称"全域,旅游"
第二行
🚀 𠮷林 _x0041_','12月底',NULL,'2026-12-31',NULL,1,2,1);
INSERT INTO "tasks" VALUES('320404-2026-zfgzbg-2','320404-2026-zfgzbg',1,2,NULL,NULL,NULL,'+坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，坚持稳中求进工作总基调，','12月底',NULL,'2026-12-31','-1',1,2,2);
INSERT INTO "tasks" VALUES('320404-2026-zfgzbg-t2-1','320404-2026-zfgzbg',2,1,1,'民生实事',NULL,'<r>建成公园&1个。</r>','12月底',NULL,'2026-12-31',NULL,1,2,0);
CREATE INDEX ix_tasks_document_id ON tasks (document_id);
CREATE INDEX ix_issues_task_id ON issues (task_id);
COMMIT;
